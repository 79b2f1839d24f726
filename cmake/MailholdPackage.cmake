# Installing, and the .deb: `cpack --config build/release/CPackConfig.cmake`.
include(GNUInstallDirs)
find_package(Python3 COMPONENTS Interpreter)

install(TARGETS mailhold RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES packaging/mailhold-backup.service packaging/mailhold-backup.timer
  DESTINATION lib/systemd/system)
install(FILES README.md LICENSE docs/design.md docs/format.md docs/security.md docs/operations.md docs/json.md docs/handover.md docs/search.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(Python3_FOUND)
  add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/mailhold.1
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/packaging/make_man_page
            $<TARGET_FILE:mailhold> ${PROJECT_BINARY_DIR}/mailhold.1
    DEPENDS mailhold packaging/make_man_page
    COMMENT "Writing the man page from the program's help")
  add_custom_target(man ALL DEPENDS ${PROJECT_BINARY_DIR}/mailhold.1)
  install(FILES ${PROJECT_BINARY_DIR}/mailhold.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mailhold)
set(CPACK_PACKAGE_CONTACT "The mailhold engineers <engineers@mailhold.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What the program loads at run time, dpkg-shlibdeps does not see.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, libcurl4 (>= 7.85), poppler-data")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Backup, archive and handover of company mailboxes
Pulls all mail of all company accounts over IMAP, every night, into encrypted,
compressed archives that the backup host itself cannot read; restores every
message byte for byte; notices when a leaver empties a mailbox.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/postinst ${PROJECT_SOURCE_DIR}/packaging/prerm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
