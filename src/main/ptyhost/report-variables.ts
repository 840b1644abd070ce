/** Where the pty host of a terminal listens for reports. Set for what runs in the terminal. */
export const reportAddressVariable = 'SWITCHYARD_REPORTS';
/** What a report has to show: it names the terminal, and is new for each start in it. */
export const reportTokenVariable = 'SWITCHYARD_REPORT_TOKEN';
