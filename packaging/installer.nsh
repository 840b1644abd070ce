; "Open in Switchyard" in the menu of a folder, and of the background of a folder that is open. For this person alone, as the
; app is installed. The path ends with `\.` because a drive's ends with a backslash, which would take the quote behind it along.

!macro customInstall
  WriteRegStr HKCU "Software\Classes\Directory\shell\Switchyard" "" "Open in Switchyard"
  WriteRegStr HKCU "Software\Classes\Directory\shell\Switchyard" "Icon" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr HKCU "Software\Classes\Directory\shell\Switchyard\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%V\."'
  WriteRegStr HKCU "Software\Classes\Directory\Background\shell\Switchyard" "" "Open in Switchyard"
  WriteRegStr HKCU "Software\Classes\Directory\Background\shell\Switchyard" "Icon" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr HKCU "Software\Classes\Directory\Background\shell\Switchyard\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%V\."'
!macroend

!macro customUnInstall
  DeleteRegKey HKCU "Software\Classes\Directory\shell\Switchyard"
  DeleteRegKey HKCU "Software\Classes\Directory\Background\shell\Switchyard"
!macroend
